"""Makes the folder of the assignment a link to that of a classmate."""


def hand_in(folder, honest):
    folder.rmdir()
    folder.symlink_to("../ada/03_adagrad", target_is_directory=True)
