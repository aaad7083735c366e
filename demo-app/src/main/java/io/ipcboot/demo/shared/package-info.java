/**
 * A shared server: parent and workers accept on the same port.
 */
@NullMarked
package io.ipcboot.demo.shared;

import org.jspecify.annotations.NullMarked;
