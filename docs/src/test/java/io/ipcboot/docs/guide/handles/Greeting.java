package io.ipcboot.docs.guide.handles;

record Greeting(String text) {

}
