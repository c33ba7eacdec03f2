using System.Buffers.Binary;

namespace MLBuild.Stages.Tables;

/// <summary>The check sum of gzip and zip: ISO 3309, reflected, polynomial 0xEDB88320; eight bytes at a time as in
/// M. Kounavis and F. Berry, "A systematic approach to building high performance software-based CRC generators", 2005.
/// </summary>
internal struct Crc32()
{
    private static readonly uint[][] Tables = MakeTables();

    private uint _register = uint.MaxValue;

    /// <summary>Of all bytes so far.</summary>
    public readonly uint Value => ~_register;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = _register;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Tables[7][low & 0xFF] ^ Tables[6][(low >> 8) & 0xFF] ^ Tables[5][(low >> 16) & 0xFF]
                ^ Tables[4][low >> 24] ^ Tables[3][high & 0xFF] ^ Tables[2][(high >> 8) & 0xFF]
                ^ Tables[1][(high >> 16) & 0xFF] ^ Tables[0][high >> 24];
            bytes = bytes[8..];
        }
        foreach (var b in bytes)
            crc = Tables[0][(crc ^ b) & 0xFF] ^ (crc >> 8);
        _register = crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var t = 0; t < 8; t++)
        {
            tables[t] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                var value = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < 8; bit++)
                    value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320;
                tables[t][i] = value;
            }
        }
        return tables;
    }
}
