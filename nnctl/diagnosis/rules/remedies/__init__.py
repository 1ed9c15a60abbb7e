"""R: common choices, tried one at a time when a network learns nothing and no rule has said why.

None of these speaks of a network that learns, and none is reported unless its trial shows that it helps.
"""
