namespace MLBuild.Stages.Tables;

/// <summary>A stream that is read once, forwards, and does nothing else.</summary>
internal abstract class ReadingStream : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Bytes that are at hand, and then those of another stream.</summary>
/// <param name="most">Of the other stream, at most so many bytes.</param>
internal sealed class HeadedStream(ReadOnlyMemory<byte> head, Stream rest, long most = long.MaxValue) : ReadingStream
{
    private ReadOnlyMemory<byte> _head = head;
    private long _left = most;

    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
        {
            var read = rest.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }
        var length = Math.Min(buffer.Length, _head.Length);
        _head.Span[..length].CopyTo(buffer);
        _head = _head[length..];
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
