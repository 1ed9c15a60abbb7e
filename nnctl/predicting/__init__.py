"""What predictions need before and after the network, without Keras: how files become examples, and outputs answers."""
