"""What the system says of a file that could not be written is told to the shop in its own words."""

import errno
import os
from pathlib import Path

import pytest

from pos_app.domain.file_trouble import FileTrouble, trouble_of
from pos_app.words import has_text, speaking, translate


@pytest.mark.parametrize(
    ("number", "means"),
    [
        (errno.ENOENT, FileTrouble.FOLDER_GONE),
        (errno.EACCES, FileTrouble.NOT_ALLOWED),
        (errno.EPERM, FileTrouble.NOT_ALLOWED),
        (errno.ENOSPC, FileTrouble.FULL),
        (errno.EROFS, FileTrouble.READ_ONLY),
        (errno.ENAMETOOLONG, FileTrouble.NAME),
        (errno.EIO, FileTrouble.OTHER),
    ],
)
def test_an_error_of_the_system_is_one_of_the_few_things_that_a_shop_can_mend(
    number: int, means: FileTrouble
) -> None:
    assert trouble_of(OSError(number, os.strerror(number))) is means


def test_a_folder_that_was_taken_out_with_its_stick_is_gone(tmp_path: Path) -> None:
    with pytest.raises(OSError) as failed:
        (tmp_path / "stick" / "labels.pdf").write_bytes(b"")
    assert trouble_of(failed.value) is FileTrouble.FOLDER_GONE


def test_an_error_without_a_number_is_told_too() -> None:
    assert trouble_of(OSError("odd")) is FileTrouble.OTHER


@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
@pytest.mark.parametrize("trouble", FileTrouble)
def test_each_has_words_in_every_language(trouble: FileTrouble, spoken: str) -> None:
    with speaking(spoken):
        assert has_text(f"common.file.{trouble.value}")
        assert translate(f"common.file.{trouble.value}").isascii() == (spoken == "en")
