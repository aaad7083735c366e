package io.ipcboot.demo.handoff;

/**
 * What the parent tells a worker about a connection.
 *
 * @param address the client's address
 * @param pool the pool that was chosen
 */
record Visitor(String address, String pool) {

}
