package io.urrl.gpu;
