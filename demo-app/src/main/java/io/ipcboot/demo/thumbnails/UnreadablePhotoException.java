package io.ipcboot.demo.thumbnails;

/**
 * Thrown if the posted data is not a readable image.
 */
class UnreadablePhotoException extends RuntimeException {

	UnreadablePhotoException(String message) {
		super(message);
	}

}
