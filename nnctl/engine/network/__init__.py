"""From a spec to a Keras model, and from a file to one."""
