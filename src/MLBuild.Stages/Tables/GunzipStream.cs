using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace MLBuild.Stages.Tables;

/// <summary>The bytes of a gzip file, all of whose members are read and checked: RFC 1952.</summary>
/// <remarks>The framework's GZipStream ends without a word where a file is cut off, and reads on past members whose
/// check sum is missing, so the frame is read here, and only what is deflated by the framework.</remarks>
internal sealed class GunzipStream : ReadingStream
{
    private const int TrailerBytes = 8;

    private readonly Stream _file;
    private readonly string _name;
    private readonly Compressed _compressed;
    private DeflateStream? _member;
    private Crc32 _crc = new();
    private uint _memberBytes;
    private long _bytes;
    private int _members;

    /// <param name="name">What messages call the file.</param>
    public GunzipStream(Stream file, string name) => (_file, _name, _compressed) = (file, name, new(file));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            if (_member is null && !Begin())
                return 0;
            var read = Inflate(buffer);
            _crc.Add(buffer[..read]);
            _memberBytes += (uint)read;
            _bytes += read;
            if (read > 0)
                return read;
            End();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _member?.Dispose();
            _file.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException fault)
        {
            throw CutOff(fault);
        }
    }

    /// <returns>False at the end of the file.</returns>
    private bool Begin()
    {
        Span<byte> head = stackalloc byte[10];
        var length = _compressed.Take(head);
        if (length == 0 && _members > 0)
            return false;
        if (length == 0)
            throw new TableException($"'{_name}' is empty: expected gzip.");
        if (length < 2 || head[0] != 0x1F || head[1] != 0x8B)
            throw _members == 0
                ? new TableException($"'{_name}' is not gzip, as its name says. Pack it again, or rename it.")
                : Corrupt("what follows is not gzip");
        const int Extra = 4, NameField = 8, Comment = 16, HeaderCrc = 2, Reserved = 0xE0;
        var flags = head[3];
        if (length < head.Length)
            throw CutOff();
        if (head[2] != 8 || (flags & Reserved) != 0)
            throw Corrupt("what follows is gzip of an unknown kind");
        if ((flags & Extra) != 0)
            Skip(Byte() + (Byte() << 8));
        for (var field = 0; field < ((flags & NameField) != 0 ? 1 : 0) + ((flags & Comment) != 0 ? 1 : 0); field++)
        {
            while (Byte() != 0)
                continue;
        }
        if ((flags & HeaderCrc) != 0)
            Skip(2);
        _members++;
        (_crc, _memberBytes) = (new(), 0);
        _member = new(_compressed, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private void End()
    {
        _member!.Dispose();
        _member = null;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _memberBytes);
        if (!_compressed.SkipTo(trailer))
            throw CutOff();
    }

    private int Byte()
    {
        Span<byte> one = stackalloc byte[1];
        return _compressed.Take(one) == 1 ? one[0] : throw CutOff();
    }

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++)
            Byte();
    }

    // A check sum that is wrong and one that is missing look the same: where the text ends is not known then.
    private TableException CutOff(Exception? cause = null) => Corrupt("it is cut off or corrupt there", cause);

    private TableException Corrupt(string what, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"'{_name}' could be unpacked up to byte {_bytes:N0} of its text: {what}. Fetch or pack it again."),
        cause);

    /// <summary>The file, of which the last block that was handed out is still there.</summary>
    private sealed class Compressed(Stream file) : ReadingStream
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _block;
        private int _next;
        private int _end;

        public override int Read(Span<byte> buffer)
        {
            if (_next == _end)
            {
                (_next, _end) = (0, file.Read(_buffer));
            }
            var length = Math.Min(buffer.Length, _end - _next);
            _buffer.AsSpan(_next, length).CopyTo(buffer);
            (_block, _next) = (_next, _next + length);
            return length;
        }

        /// <summary>As many bytes as there are.</summary>
        public int Take(Span<byte> bytes)
        {
            var taken = 0;
            while (taken < bytes.Length && Read(bytes[taken..]) is > 0 and var read)
                taken += read;
            return taken;
        }

        /// <summary>Goes to behind the trailer of a member whose end is somewhere in the last block: the inflater does
        /// not say where. Where the trailer's bytes are there more than once, as zeros may be, the end of the file or
        /// another member must follow.</summary>
        /// <returns>False where it is not there.</returns>
        public bool SkipTo(ReadOnlySpan<byte> trailer)
        {
            _buffer.AsSpan(_block, _end - _block).CopyTo(_buffer);
            (_next, _end, _block) = (_next - _block, _end - _block, 0);
            while (_end < _next + TrailerBytes + 2 && file.Read(_buffer.AsSpan(_end)) is > 0 and var read)
                _end += read;
            var window = _buffer.AsSpan(0, Math.Min(_end, _next + TrailerBytes));
            int? last = null;
            for (var from = 0; window[from..].IndexOf(trailer) is >= 0 and var found; from = last.Value + 1)
            {
                last = from + found;
                var rest = _buffer.AsSpan(0, _end)[(last.Value + TrailerBytes)..];
                if (rest.IsEmpty || rest.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
                    break;
            }
            _next = last + TrailerBytes ?? _next;
            return last is not null;
        }
    }
}
