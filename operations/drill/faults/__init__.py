"""A layer of our own in front of moto: client tokens that hold, faults on demand, and a log of what reached the wire."""
