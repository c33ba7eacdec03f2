namespace MLBuild.Stages.Tables;

/// <summary>A file whose asynchronous reads and writes are done when they return. Parquet.Net is asynchronous only, and
/// asks for many small pieces: each would be done by another thread, while the one that waits for it spins.</summary>
internal sealed class BlockingFile(string path, FileMode mode, FileAccess access, FileShare share)
    : FileStream(path, mode, access, share)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        CopyTo(destination, bufferSize);
        return Task.CompletedTask;
    }
}
