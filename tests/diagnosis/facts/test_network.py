from nnctl.diagnosis.facts.network import collect_network_facts
from nnctl.spec import Component
from nnctl.spec.network.trace import follow_network


def layer(name: str, **arguments: object) -> Component:
    return Component("layer", name, arguments)  # type: ignore[arg-type]


def activation(name: str) -> Component:
    return Component("activation", name, {})


def test_activations_are_found_behind_whatever_has_no_kernel_and_inside_wrappers() -> None:
    lstm = layer("bidirectional", layer=layer("lstm", units=4))
    dense = layer("dense", units=3, activation=activation("relu"))
    facts = collect_network_facts(follow_network((lstm, dense, layer("dropout", rate=0.5), layer("softmax")), (5, 2)))
    assert [each.activation for each in facts.weighted] == ["tanh", "softmax"]
    assert facts.head.activations == ("relu", "softmax")
    assert facts.hidden[0].path == ("model", "layers", 0, "layer")


def test_a_head_of_filters_is_followed_to_the_end() -> None:
    conv = layer("conv2d", filters=3, kernel_size=1)
    facts = collect_network_facts(
        follow_network((conv, layer("global_average_pooling2d"), layer("softmax")), (4, 4, 2))
    )
    assert (facts.head.activation, facts.output, facts.parameters) == ("softmax", (3,), 9)


def test_fan_in_counts_what_a_unit_adds_up() -> None:
    conv, dense = layer("conv2d", filters=3, kernel_size=2), layer("dense", units=5, use_bias=False)
    facts = collect_network_facts(follow_network((conv, layer("flatten"), dense), (4, 4, 2)))
    assert [each.fan_in for each in facts.layers] == [8, None, 27]
