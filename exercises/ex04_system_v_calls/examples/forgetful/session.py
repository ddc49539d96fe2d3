from forgetful import cube, two_cubes
cube(9), cube(10)
two_cubes(9, 10)
cube(9) + cube(9 * 9)
