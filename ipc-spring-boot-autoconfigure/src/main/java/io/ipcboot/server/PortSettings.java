package io.ipcboot.server;

/**
 * Which workers serve the ports of the application, and how connections reach them.
 *
 * @param pool the pool whose workers take part
 * @param scheduling which process gets a new connection
 * @param maxConnections how many connections that the parent hands over a worker may have
 * open at a time, on each port; 0 for no limit
 */
public record PortSettings(String pool, Scheduling scheduling, int maxConnections) {

}
