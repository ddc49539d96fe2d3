import compass
compass.north()
compass.east()
compass.east.__doc__
compass.north.__doc__ is None
compass.east(1)
type(compass.east)
compass.east.__self__ is compass
