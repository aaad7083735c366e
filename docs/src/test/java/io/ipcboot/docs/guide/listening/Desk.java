package io.ipcboot.docs.guide.listening;

record Desk(String name) {

}
