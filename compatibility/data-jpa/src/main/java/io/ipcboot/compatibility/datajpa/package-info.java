@NullMarked
package io.ipcboot.compatibility.datajpa;

import org.jspecify.annotations.NullMarked;
