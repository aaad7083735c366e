@NullMarked
package io.ipcboot.compatibility.websocket;

import org.jspecify.annotations.NullMarked;
