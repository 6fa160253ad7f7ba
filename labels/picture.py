"""Opens pictures that people sent. What is no picture, or would grow huge, is refused before it is decoded."""

import io
import warnings

from PIL import Image, ImageFile, ImageOps

from purchasing.errors import BadInput

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""A phone's 12 megapixels and more; decoded as grey, so at most 25 MB."""
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

warnings.simplefilter("error", Image.DecompressionBombWarning)


def open_picture(content: bytes) -> Image.Image:
    """Grey pixels, transparent ones white.

    Raises BadInput("picture", rule): too_big, not_a_picture, too_many_pixels."""
    if len(content) > LARGEST:
        raise BadInput("picture", "too_big")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput("picture", "too_many_pixels", f"{picture.width}×{picture.height}")
            turned = ImageOps.exif_transpose(_grey(picture))  # phones note how they were held
            assert turned is not None  # noqa: S101  # only in place it gives nothing
            return turned
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadInput("picture", "too_many_pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError):  # all of them are what Pillow raises for broken files
        raise BadInput("picture", "not_a_picture") from None


def _grey(picture: ImageFile.ImageFile) -> Image.Image:
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("L")
    if picture.format == "JPEG":
        picture.draft("L", picture.size)  # decoded as grey from the start
    return picture.convert("L")
