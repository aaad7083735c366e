package io.ipcboot.demo.thumbnails;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.stereotype.Component;

/**
 * Renders thumbnails in a worker.
 */
@Component
@ConditionalOnIpcRole(IpcRole.WORKER)
class ThumbnailListener {

	private static final int LONGER_EDGE = 320;

	@IpcListener("thumbnail")
	byte[] render(byte[] photo) throws IOException {
		BufferedImage image = read(photo);
		double scale = Math.min(1, (double) LONGER_EDGE / Math.max(image.getWidth(), image.getHeight()));
		int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
		int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
		BufferedImage thumbnail = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = thumbnail.createGraphics();
		graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
		graphics.drawImage(image, 0, 0, width, height, null);
		graphics.dispose();
		return jpeg(thumbnail);
	}

	private static BufferedImage read(byte[] photo) {
		try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(photo))) {
			Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
			if (!readers.hasNext()) {
				throw new UnreadablePhotoException("This is not a JPEG, PNG, GIF, BMP or TIFF image");
			}
			ImageReader reader = readers.next();
			reader.setInput(input);
			return reader.read(0, subsampling(reader));
		}
		catch (IOException ex) {
			throw new UnreadablePhotoException("This image is damaged: " + ex.getMessage());
		}
	}

	/** Skips pixels while reading, so that a large photo needs little memory. */
	private static ImageReadParam subsampling(ImageReader reader) throws IOException {
		int step = Math.max(1, Math.max(reader.getWidth(0), reader.getHeight(0)) / (2 * LONGER_EDGE));
		ImageReadParam parameters = reader.getDefaultReadParam();
		parameters.setSourceSubsampling(step, step, 0, 0);
		return parameters;
	}

	private static byte[] jpeg(BufferedImage image) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
			ImageIO.write(image, "jpeg", output);
		}
		return bytes.toByteArray();
	}

}
