/**
 * Judges of frozen features: softmax regression and nearest neighbours, as functions of features
 * and labels. Knows nothing of pictures or actors.
 */
package io.urrl.gpu.evaluate;
