package io.urrl.augment;
