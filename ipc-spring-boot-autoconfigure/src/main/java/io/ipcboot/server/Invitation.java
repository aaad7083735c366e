package io.ipcboot.server;

/**
 * What the parent sends to a worker with the descriptor to accept on.
 *
 * @param connector the number of the connector
 * @param limited whether the worker's number of connections is limited, so that the
 * parent waits for each one that ends
 */
record Invitation(int connector, boolean limited) {

}
