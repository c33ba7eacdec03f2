namespace Parts;

/// <summary>What no stage uses.</summary>
public static class Unrelated
{
    public static double Number() => 17;
}

/// <summary>What one stage uses.</summary>
public static class Plain
{
    public static double Number() => 18;
}
