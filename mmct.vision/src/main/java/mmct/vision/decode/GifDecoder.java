package mmct.vision.decode;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.spi.ImageReaderSpi;

/// Decodes the first frame of a GIF file where it lies on the file's canvas.
///
/// As Pillow does it, what the frame leaves free is transparent where the frame has a transparent
/// colour, and has the first colour of its palette else; the canvas grows to hold the frame.
final class GifDecoder {
  /// A code has twelve bits at most when it stands for the longest string, of 4,096 pixels.
  private static final long MOST_PIXELS_PER_BYTE = 4096 * 8 / 12;

  private final ImageReaderSpi provider = ImageReaders.jdk("gif");

  Pixels decode(byte[] content, String name, ImageDecoder limits) throws IOException {
    return ImageReaders.use(provider, content, reader -> decode(reader, content, name, limits));
  }

  private static Pixels decode(ImageReader reader, byte[] content, String name, ImageDecoder limits)
      throws IOException {
    int frameWidth = reader.getWidth(0);
    int frameHeight = reader.getHeight(0);
    limits.checkSize(frameWidth, frameHeight, name);
    limits.checkLength(frameWidth, frameHeight, content.length * MOST_PIXELS_PER_BYTE, name);
    IIOMetadataNode place = place(reader);
    int left = number(place, "imageLeftPosition");
    int top = number(place, "imageTopPosition");
    int width = Math.max(unsignedShort(content, 6), left + frameWidth);
    int height = Math.max(unsignedShort(content, 8), top + frameHeight);
    limits.checkSize(width, height, name);
    BufferedImage frame = reader.read(0);
    Pixels pixels = BufferedImages.toPixels(frame);
    return width == frameWidth && height == frameHeight
        ? pixels
        : Canvas.filled(width, height, free(frame)).with(pixels, left, top);
  }

  private static int free(BufferedImage frame) {
    IndexColorModel palette = (IndexColorModel) frame.getColorModel();
    return palette.getTransparentPixel() >= 0 ? 0xffffff : palette.getRGB(0);
  }

  private static IIOMetadataNode place(ImageReader reader) throws IOException {
    IIOMetadataNode root =
        (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
    return (IIOMetadataNode) root.getElementsByTagName("ImageDescriptor").item(0);
  }

  private static int number(IIOMetadataNode node, String attribute) {
    return Integer.parseInt(node.getAttribute(attribute));
  }

  private static int unsignedShort(byte[] content, int at) {
    return (content[at] & 0xff) | (content[at + 1] & 0xff) << 8;
  }
}
