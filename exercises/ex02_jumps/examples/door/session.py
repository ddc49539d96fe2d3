from door import door, door_turned
door(1234), door(4321)
door_turned(1234), door_turned(4321)
