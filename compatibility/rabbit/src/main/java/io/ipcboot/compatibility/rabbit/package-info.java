@NullMarked
package io.ipcboot.compatibility.rabbit;

import org.jspecify.annotations.NullMarked;
