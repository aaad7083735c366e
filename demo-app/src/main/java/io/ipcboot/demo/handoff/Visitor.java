package io.ipcboot.demo.handoff;

/**
 * The data about a connection that the parent sends to a worker.
 *
 * @param address the client's address
 * @param pool the pool that was chosen
 */
record Visitor(String address, String pool) {

}
