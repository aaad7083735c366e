package io.ipcboot.demo.thumbnails;

/**
 * What was posted is not an image that can be read.
 */
class UnreadablePhotoException extends RuntimeException {

	UnreadablePhotoException(String message) {
		super(message);
	}

}
