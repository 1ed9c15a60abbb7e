"""`nnctl list`: what there is to put into a spec, kind by kind."""

from typing import Annotated

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope


def listing(
    kind: Annotated[
        str | None,
        options.argument("KIND", "layers, optimizers, losses and so on; all if left out.", completion.list_kinds),
    ] = None,
    json: options.Json = False,
) -> int:
    """List all layers, optimizers, losses, keys, error codes and so on, a line each."""
    from nnctl.api.reference import find_shelf, list_shelves
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import page

    if kind is None:
        found = list_shelves()
        if json:
            envelope.tell({"kinds": [{"kind": s.name, "topics": len(s.names()), "what": s.what} for s in found]})
        else:
            page.show_shelves(found, terminal.results())
            terminal.notes().print("next nnctl list layers, nnctl explain dense", style="quiet")
        return 0
    chosen = find_shelf(kind)
    if json:
        topics = [topic for name in chosen.names() if (topic := chosen.topic(name)) is not None]
        told = [{"name": t.name, "what": t.what, "group": chosen.group(t.name)} for t in topics]
        envelope.tell({"kind": chosen.name, "topics": told})
    else:
        page.show_shelf(chosen, terminal.results())
    return 0
