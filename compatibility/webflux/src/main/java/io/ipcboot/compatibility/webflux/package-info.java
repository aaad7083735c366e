@NullMarked
package io.ipcboot.compatibility.webflux;

import org.jspecify.annotations.NullMarked;
