package io.ipcboot.server;

/**
 * A worker's wish to be replaced.
 *
 * @param pid its process id
 * @param reason why
 */
public record Retirement(long pid, String reason) {

}
