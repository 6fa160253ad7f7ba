"""Opens pictures that people sent. What is no picture, or would grow huge, is refused before it is decoded."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile, ImageOps

from labels.limits import LARGEST, MOST_PIXELS
from purchasing.errors import BadInput

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

warnings.simplefilter("error", Image.DecompressionBombWarning)


@contextmanager
def opened(content: bytes) -> Iterator[ImageFile.ImageFile]:
    """A picture that is about to be decoded.

    Raises BadInput("picture", rule): too_big, not_a_picture, too_many_pixels; also for what decoding it brings up."""
    if len(content) > LARGEST:
        raise BadInput("picture", "too_big")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput("picture", "too_many_pixels", f"{picture.width}×{picture.height}")
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadInput("picture", "too_many_pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError):  # all of them are what Pillow raises for broken files
        raise BadInput("picture", "not_a_picture") from None


def open_picture(content: bytes) -> Image.Image:
    """Grey pixels, transparent ones white. Raises BadInput."""
    with opened(content) as picture:
        return upright(_grey(picture))


def upright(picture: Image.Image) -> Image.Image:
    """Phones note how they were held."""
    turned = ImageOps.exif_transpose(picture)
    assert turned is not None  # noqa: S101  # only in place it gives nothing
    return turned


def _grey(picture: ImageFile.ImageFile) -> Image.Image:
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    if picture.format == "JPEG":
        picture.draft("L", picture.size)  # decoded as grey from the start
    return picture.convert("L")
