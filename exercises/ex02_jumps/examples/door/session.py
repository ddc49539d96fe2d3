from door import door, door_turned
door(1234), door(4321)
door_turned(1234), door_turned(4321)
# the same question, asked by Python's own compiler
from dis import get_instructions
def python_door(code):
    if code == 1234: return True
    return False
steps = [step.opname for step in get_instructions(python_door)]
[name[:8] for name in steps if "JUMP" in name]
