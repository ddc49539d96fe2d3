from follow import load
load(id(2.5) + 8) == id(float)
load(id(float) + 8) == id(type)
load(id(type) + 8) == id(type)
