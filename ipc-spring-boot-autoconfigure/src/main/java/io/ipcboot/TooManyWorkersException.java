package io.ipcboot;

/**
 * Thrown when the pools of an application are to have more workers than are allowed.
 */
public class TooManyWorkersException extends IllegalArgumentException {

	TooManyWorkersException(String message) {
		super(message);
	}

}
