/**
 * Which process serves HTTP: the parent, or workers in the profile "web".
 */
@NullMarked
package io.ipcboot.demo.web;

import org.jspecify.annotations.NullMarked;
