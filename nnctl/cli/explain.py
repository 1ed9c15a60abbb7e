"""`nnctl explain`: what a name in a spec, an error or a question of the field means."""

from dataclasses import asdict
from typing import Annotated

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope


def explain(
    words: Annotated[
        list[str],
        options.argument(
            "TOPIC",
            "A key (`train.epochs`), layer, optimizer, loss, error code, or `overfitting`; `nnctl list` shows all.",
            completion.list_topics,
        ),
    ],
    json: options.Json = False,
) -> int:
    """Explain a key, a layer, an optimizer, an error code and more, with an example."""
    from nnctl.api.reference import explain as find_topics
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import page

    found = find_topics(words)
    if json:
        envelope.tell({"topics": [asdict(topic) for topic in found]})
        return 0
    console = terminal.results()
    for index, topic in enumerate(found):
        if index:
            console.rule(style="quiet") if console.is_terminal else console.print(terminal.stack(["", "---", ""]))
        page.show(topic, console)
    if len(found) > 1:
        asked = " or ".join(f"`nnctl explain {topic.kind} {topic.name}`" for topic in found)
        terminal.notes().print()
        terminal.notes().print(f"several topics have this name; for one of them: {asked}")
    return 0
