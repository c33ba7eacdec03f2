namespace Taxi;

/// <summary>A number for a text.</summary>
public interface IEncoder
{
    double Encode(string text);

    double Weight() => 1.5;
}

public sealed class LengthEncoder : IEncoder
{
    public double Encode(string text) => text.Length;
}

public sealed class FirstLetterEncoder : IEncoder
{
    public double Encode(string text) => text[0] - 'A';
}

/// <summary>Nobody implements it but a class that nobody makes.</summary>
public interface IDecoder
{
    string Decode(double value) => "one";
}

public sealed class NameDecoder : IDecoder;
