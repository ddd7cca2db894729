#!/usr/bin/env python3
"""Makes the photos in crates/crm-infra/tests/fixtures/photos anew.

They show a drawing, never anybody's photograph: red, green, blue and yellow quarters of 96 by 64 pixels, with a black
square of 16 pixels in the upper left corner. tests/images/support.rs knows it too.

Needs Python 3 with Pillow 13, and on the path: cwebp, webpmux (Debian: webp), cjpeg (libjpeg-turbo-progs), exiftool
(libimage-exiftool-perl), ImageMagick 6 (imagemagick), and node with sharp (npm install sharp; NODE_PATH names the
folder node_modules). With the same versions of these, the files come out the same, byte for byte.
"""

import io
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat
from PIL.PngImagePlugin import PngInfo

FOLDER = Path(__file__).resolve().parent.parent / "crates/crm-infra/tests/fixtures/photos"
SCRATCH = Path(tempfile.mkdtemp())
WIDTH, HEIGHT = 96, 64
RED, GREEN, BLUE, YELLOW, BLACK = (210, 40, 40), (40, 160, 60), (50, 70, 200), (235, 200, 50), (0, 0, 0)
MAGICK = "convert-im6.q16"


def drawing():
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    for colour, x, y in [(RED, 0, 0), (GREEN, 1, 0), (BLUE, 0, 1), (YELLOW, 1, 1)]:
        picture.paste(colour, (x * WIDTH // 2, y * HEIGHT // 2, (x + 1) * WIDTH // 2, (y + 1) * HEIGHT // 2))
    picture.paste(BLACK, (0, 0, 16, 16))
    return picture


PICTURE = drawing()
SOURCE = SCRATCH / "drawing.png"
PICTURE.save(SOURCE)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def file(name):
    return FOLDER / name


def exif(orientation):
    block = Image.Exif()
    block[0x0112] = orientation
    return block


def orientations():
    # How the sensor saw the picture, for each way of holding the camera: the inverse of what makes it upright.
    t = Image.Transpose
    seen = {2: t.FLIP_LEFT_RIGHT, 3: t.ROTATE_180, 4: t.FLIP_TOP_BOTTOM, 5: t.TRANSPOSE, 6: t.ROTATE_90, 7: t.TRANSVERSE,
            8: t.ROTATE_270}
    for orientation in range(1, 9):
        stored = PICTURE.transpose(seen[orientation]) if orientation > 1 else PICTURE
        # orientation-N.jpg: the drawing as a phone stores it when held in position N.
        stored.save(file(f"orientation-{orientation}.jpg"), quality=90, exif=exif(orientation))
        upright = ImageOps.exif_transpose(Image.open(file(f"orientation-{orientation}.jpg")))
        assert max(ImageStat.Stat(ImageChops.difference(upright, PICTURE)).mean) < 5, orientation
    on_its_side = PICTURE.transpose(seen[6])
    # orientation-6.png, orientation-6.webp: the same in an eXIf and in an EXIF chunk.
    on_its_side.save(file("orientation-6.png"), exif=exif(6))
    on_its_side.save(file("orientation-6.webp"), quality=90, exif=exif(6))
    # orientation-6-prefixed.webp: with "Exif\0\0" before the TIFF header, as several programs write it.
    on_its_side.save(SCRATCH / "side.webp", quality=90)
    (SCRATCH / "side.exif").write_bytes(b"Exif\0\0" + exif(6).tobytes().removeprefix(b"Exif\0\0"))
    run("webpmux", "-set", "exif", SCRATCH / "side.exif", SCRATCH / "side.webp", "-o", file("orientation-6-prefixed.webp"))
    # orientation-6-late.png: with eXIf after the pixels.
    chunks = png_chunks(file("orientation-6.png").read_bytes())
    chunks.sort(key=lambda chunk: [b"eXIf", b"IEND"].index(chunk[0]) if chunk[0] in (b"eXIf", b"IEND") else -1)
    file("orientation-6-late.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(whole for _, whole in chunks))
    # orientation-6-damaged.jpg: with an EXIF block that has an entry pointing outside of it, as editors leave them.
    block = exif(6)
    block[0x010E] = "points nowhere"
    on_its_side.save(SCRATCH / "damaged.jpg", quality=90, exif=block)
    damaged = bytearray((SCRATCH / "damaged.jpg").read_bytes())
    entry = damaged.index(b"\x01\x0e\x00\x02")
    damaged[entry + 8:entry + 12] = b"\x00\x00\xff\x00"
    file("orientation-6-damaged.jpg").write_bytes(damaged)


def png_chunks(png):
    chunks, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at:at + 4], "big") + 12
        chunks.append((png[at + 4:at + 8], png[at:at + length]))
        at += length
    return chunks


def jpegs():
    # 444.jpg, 422.jpg, 420.jpg: each chroma subsampling.
    for name in ["4:4:4", "4:2:2", "4:2:0"]:
        PICTURE.save(file(f"{name.replace(':', '')}.jpg"), quality=90, subsampling=name)
    # 440.jpg, 411.jpg: rarer ones.
    PICTURE.save(SCRATCH / "drawing.ppm")
    for name, sampling in [("440", "1x2"), ("411", "4x1")]:
        run("cjpeg", "-quality", "90", "-sample", sampling, "-outfile", file(f"{name}.jpg"), SCRATCH / "drawing.ppm")
    # progressive.jpg: ten scans.
    PICTURE.save(file("progressive.jpg"), quality=90, progressive=True)
    # restart.jpg: a restart marker after every block.
    PICTURE.save(file("restart.jpg"), quality=90, restart_marker_blocks=1)
    # arithmetic.jpg: arithmetic coding, which no browser reads.
    run("cjpeg", "-quality", "90", "-arithmetic", "-outfile", file("arithmetic.jpg"), SCRATCH / "drawing.ppm")
    # grayscale.jpg: one component.
    PICTURE.convert("L").save(file("grayscale.jpg"), quality=90)
    # rgb.jpg: not turned into luma and chroma, as the Adobe marker tells.
    PICTURE.save(file("rgb.jpg"), quality=90, keep_rgb=True)
    # cmyk.jpg: printing colours, inverted as Adobe does.
    PICTURE.convert("CMYK").save(file("cmyk.jpg"), quality=90)
    # cmyk-plain.jpg: not inverted, and without the marker by which Adobe's are known.
    inverted = ImageChops.invert(PICTURE.convert("CMYK"))
    buffer = io.BytesIO()
    inverted.save(buffer, "JPEG", quality=90)
    plain = buffer.getvalue()
    adobe = plain.index(b"\xff\xee\x00\x0eAdobe")
    file("cmyk-plain.jpg").write_bytes(plain[:adobe] + plain[adobe + 16:])
    # ycck.jpg: printing colours as luma, chroma and black, with black ink in use.
    run(MAGICK, SOURCE, "-colorspace", "CMYK", "-quality", "90", file("ycck.jpg"))


def pngs():
    half = PICTURE.convert("RGBA")
    # alpha.png: the lower half see-through, and the green quarter half so.
    half.paste((*GREEN, 128), (WIDTH // 2, 0, WIDTH, HEIGHT // 2))
    half.paste((0, 0, 0, 0), (0, HEIGHT // 2, WIDTH, HEIGHT))
    half.save(file("alpha.png"))
    half.save(SCRATCH / "alpha.png")
    # 16-bit.png, 16-bit-alpha.png, interlaced.png, interlaced-16-bit-alpha.png.
    run(MAGICK, SOURCE, "-evaluate", "add", "99", *NO_DATES, f"PNG48:{file('16-bit.png')}")
    run(MAGICK, SCRATCH / "alpha.png", *NO_DATES, f"PNG64:{file('16-bit-alpha.png')}")
    run(MAGICK, SOURCE, "-interlace", "PNG", *NO_DATES, f"PNG24:{file('interlaced.png')}")
    run(MAGICK, SCRATCH / "alpha.png", "-interlace", "PNG", *NO_DATES, f"PNG64:{file('interlaced-16-bit-alpha.png')}")
    # palette.png: five colours of four bits each.
    palette = PICTURE.quantize(5)
    palette.save(file("palette.png"), bits=4)
    # palette-transparent.png: the yellow quarter see-through by tRNS.
    palette.save(file("palette-transparent.png"), bits=4, transparency=palette.getpixel((90, 60)))
    # 1-bit.png: black on the left, white on the right. 1-bit-interlaced.png: the same in seven passes.
    two = Image.new("1", (WIDTH, HEIGHT))
    two.paste(1, (WIDTH // 2, 0, WIDTH, HEIGHT))
    two.save(file("1-bit.png"))
    run(MAGICK, file("1-bit.png"), "-interlace", "PNG", *NO_DATES, file("1-bit-interlaced.png"))
    # grey.png, grey-alpha.png: the grey drawing, and with its lower half see-through; grey-16-bit.png.
    PICTURE.convert("L").save(file("grey.png"))
    half.convert("LA").save(file("grey-alpha.png"))
    run(MAGICK, file("grey.png"), "-depth", "16", *NO_DATES, "-define", "png:bit-depth=16", file("grey-16-bit.png"))
    # animated.png: the drawing, then black.
    PICTURE.save(file("animated.png"), save_all=True, append_images=[Image.new("RGB", PICTURE.size)], duration=100)


NO_DATES = ["-define", "png:exclude-chunks=date,time"]


def webps():
    # lossy.webp, lossless.webp, and both with the see-through parts of alpha.png.
    run("cwebp", "-quiet", "-q", "90", SOURCE, "-o", file("lossy.webp"))
    run("cwebp", "-quiet", "-lossless", SOURCE, "-o", file("lossless.webp"))
    run("cwebp", "-quiet", "-q", "90", SCRATCH / "alpha.png", "-o", file("lossy-alpha.webp"))
    run("cwebp", "-quiet", "-lossless", SCRATCH / "alpha.png", "-o", file("lossless-alpha.webp"))
    # animated.webp, animated-alpha.webp: the drawing (of alpha.png), then black.
    black = Image.new("RGB", PICTURE.size)
    PICTURE.save(file("animated.webp"), save_all=True, append_images=[black], duration=100, quality=90)
    Image.open(SCRATCH / "alpha.png").save(
        file("animated-alpha.webp"), save_all=True, append_images=[black.convert("RGBA")], duration=100, lossless=True)


def display_p3():
    # display-p3.jpg, .png, .webp: the drawing's colours written in those of Display P3, with its profile.
    for options in ['jpeg({quality: 95, chromaSubsampling: "4:4:4"})', "png()", "webp({lossless: true})"]:
        name = file(f"display-p3.{options.split('(')[0].replace('jpeg', 'jpg')}")
        run("node", "-e", f'require("sharp")("{SOURCE}").withIccProfile("p3").{options}.toFile("{name}")')


def profile():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name, canary = "sRGB built-in".encode("utf-16-be"), "CANARY in ICC".encode("utf-16-be")
    assert name in srgb and len(name) == len(canary)
    # The profile's date is the day it was made.
    srgb = srgb[:24] + bytes.fromhex("07d000010001000000000000") + srgb[36:]
    return srgb.replace(name, canary)


def metadata():
    # metadata.jpg, .png, .webp: a canary in every place that can hold one.
    thumbnail = SCRATCH / "thumbnail.jpg"
    Image.new("RGB", (16, 16), RED).save(thumbnail, comment=b"CANARY in the thumbnail")
    block = exif(1)
    block[0x013B] = "CANARY as the artist"
    block[0x010F], block[0x0110] = "CANARY as the maker", "CANARY as the model"
    details = block.get_ifd(0x8769)
    details[0x927C] = b"CANARY in the maker notes\0" + bytes(64)
    details[0xA431] = "CANARY as the serial number"
    place = block.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (40.0, 25.0, 0.5), "W", (3.0, 42.0, 12.5)
    place[27] = b"ASCII\0\0\0CANARY in the GPS data"
    xmp = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
           '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="CANARY in XMP"/></rdf:RDF></x:xmpmeta>')
    PICTURE.save(SCRATCH / "metadata.jpg", quality=90, exif=block, icc_profile=profile(), xmp=xmp.encode(),
                 comment=b"CANARY in a comment")
    run("exiftool", "-q", "-o", file("metadata.jpg"), f"-ThumbnailImage<={thumbnail}", "-IPTC:Caption-Abstract=CANARY in IPTC",
        "-JFIF:XResolution=72", SCRATCH / "metadata.jpg")
    with file("metadata.jpg").open("ab") as jpeg:
        jpeg.write(b"CANARY after the end" + bytes(100))

    text = PngInfo()
    text.add_text("Comment", "CANARY in tEXt")
    text.add_text("Description", "CANARY in zTXt", zip=True)
    text.add_itxt("XML:com.adobe.xmp", xmp)
    text.add(b"prVt", b"CANARY in a private chunk")
    PICTURE.save(file("metadata.png"), exif=block, icc_profile=profile(), pnginfo=text)
    with file("metadata.png").open("ab") as png:
        png.write(b"CANARY after the end")
    PICTURE.save(file("metadata.webp"), quality=90, exif=block, icc_profile=profile(), xmp=xmp.encode())


def busy():
    # busy.jpg, busy-progressive.jpg, busy.png, busy-lossy.webp, busy-lossless.webp: noise over a slope of colours, which
    # takes bytes everywhere: for cutting short and for damaging.
    noise = random.Random(7)
    picture = Image.new("RGB", (64, 48))
    picture.putdata([(3 * x + noise.randrange(64), 4 * y + noise.randrange(64), 2 * (x + y) + noise.randrange(32))
                     for y in range(48) for x in range(64)])
    picture.save(SCRATCH / "busy.png")
    picture.save(file("busy.jpg"), quality=80)
    picture.save(file("busy-progressive.jpg"), quality=80, progressive=True)
    picture.save(file("busy.png"))
    run("cwebp", "-quiet", "-q", "80", SCRATCH / "busy.png", "-o", file("busy-lossy.webp"))
    run("cwebp", "-quiet", "-lossless", SCRATCH / "busy.png", "-o", file("busy-lossless.webp"))


def others():
    # drawing.gif, .bmp, .tiff, .ico: pictures, but of kinds that are not taken.
    for ending in ["gif", "bmp", "tiff", "ico"]:
        PICTURE.resize((24, 16)).save(file(f"drawing.{ending}"))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for make in [orientations, jpegs, pngs, webps, display_p3, metadata, busy, others]:
        make()
    print(sum(made.stat().st_size for made in FOLDER.iterdir()), "bytes in", len(list(FOLDER.iterdir())), "files")
