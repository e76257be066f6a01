//! From the device to the host.

use burn::tensor::{Tensor, Transaction};

/// A device failed while it was read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the device stopped answering: {0}. Start training again from the last saved weights")]
pub struct DeviceError(String);

/// Reads several tensors in one transfer.
pub(super) async fn read(
    tensors: impl IntoIterator<Item = Tensor<1>>,
) -> Result<Vec<Vec<f32>>, DeviceError> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await.map_err(|error| DeviceError(error.to_string()))?;
    data.into_iter()
        .map(|data| data.try_into_vec::<f32>().map_err(|error| DeviceError(format!("{error:?}"))))
        .collect()
}
