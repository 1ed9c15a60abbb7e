"""What a wheel holds beside the package: the specs of `configs/`, which the commands of `nnctl explain` name."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConfigsHook(BuildHookInterface):
    """Puts `configs/` into the package; an editable one finds it beside itself, and would keep a copy that grows old."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is built.

        Args:
            version: `standard` or `editable`.
            build_data: what the build goes by.
        """
        if version == "standard":
            build_data["force_include"]["configs"] = "nnctl/configs"
