@NullMarked
package io.ipcboot.compatibility.sessionjdbc;

import org.jspecify.annotations.NullMarked;
