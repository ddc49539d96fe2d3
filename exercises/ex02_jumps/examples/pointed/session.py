from pointed import forty_two
forty_two()
