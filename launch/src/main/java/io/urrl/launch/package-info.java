package io.urrl.launch;
