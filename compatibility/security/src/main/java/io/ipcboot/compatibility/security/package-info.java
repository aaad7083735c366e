@NullMarked
package io.ipcboot.compatibility.security;

import org.jspecify.annotations.NullMarked;
