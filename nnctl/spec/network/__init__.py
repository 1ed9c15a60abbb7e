"""What follows from the layers of a spec: shapes, cost, how they are compiled and in which type, and whether the labels fit."""
