from zero import zero
zero()
