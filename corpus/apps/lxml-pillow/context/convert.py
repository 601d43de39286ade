"""Draw a bar for every entry of a feed."""

import io
import sys

from lxml import etree
from PIL import Image, ImageDraw

STYLE = etree.XSLT(
    etree.XML(
        b"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
        <xsl:output method="text"/>
        <xsl:template match="/"><xsl:for-each select="//entry">
        <xsl:value-of select="@size"/><xsl:text> </xsl:text></xsl:for-each></xsl:template></xsl:stylesheet>"""
    )
)

sizes = [int(word) for word in str(STYLE(etree.parse(sys.argv[1]))).split()]
picture = Image.new("RGB", (200, 10 * len(sizes)), "white")
pen = ImageDraw.Draw(picture)
for row, size in enumerate(sizes):
    pen.rectangle((0, 10 * row, size, 10 * row + 8), fill="black")
for kind in ("JPEG", "PNG"):
    held = io.BytesIO()
    picture.save(held, kind)
    print(kind, Image.open(io.BytesIO(held.getvalue())).size)
print(len(sizes), "entries")
