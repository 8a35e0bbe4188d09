package io.urrl.parameters;
